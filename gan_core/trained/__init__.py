"""What can a trained GAN be asked? Samples, paths, directions, inversion, neighbours, scores, saliency."""
