"""The tensors that travel through the package: shape, range and unit, said once.

N samples, C channels, H height, W width, Z latent size, K classes, L points of a curve.
"""

from jaxtyping import Float, Int64
from torch import Tensor

Images = Float[Tensor, "N 1 H W"]  # pixels in the generator's own range, see `Generator.pixels`
Curves = Float[Tensor, "N L"]  # heights of a curve, equally spaced abscissae
Samples = Images | Curves
Latents = Float[Tensor, "N Z"]  # drawn from the variant's prior
Labels = Int64[Tensor, " N"]  # class of each sample, 0 .. K-1
ClassWeights = Float[Tensor, "N K"]  # shares of the classes asked of G: one-hot, or a blend; rows sum to 1
Classes = Labels | ClassWeights  # what a conditional G can be asked for
Logits = Float[Tensor, " N"] | Float[Tensor, "N K"]  # raw scores: one per sample, or one per class
Scores = Float[Tensor, " N"]  # how real D finds each sample: a logit, or a Wasserstein critic's value
