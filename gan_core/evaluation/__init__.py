"""What is a run worth? The fixed protocol, its card and table, and shipping."""
