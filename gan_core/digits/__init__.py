"""What do visitors make? Drawings, numbers, data sets, and the quiz."""
