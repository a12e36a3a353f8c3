"""Which GAN, trained how? Variants, recipes, objectives, penalties, priors, what goes together, the configuration of a run. No torch."""
