"""What several entries share: optimisers and recipes they start from, and sentences that are true of more than one."""

from gan_core.gans import objectives
from gan_core.gans.recipes import Adam, Recipe

KERAS_ADAM = Adam(lr=1e-3, eps=1e-7)  # Keras' default optimiser
STABLE_ADAM = Adam(lr=1e-3, beta1=0.0, beta2=0.99)

TEXT_001 = "text 001 (GAN models in TensorFlow 2.1)"
TEXT_001_LOOP = (
    "the 64 samples of a step are cut into two mini-batches of 32, as Keras' fit does when no batch size is given: "
    "the text's loop calls it so",
    "batches are drawn with replacement",
)
LOGITS = "losses on logits instead of the clipped log: no gradient dies when D is sure"
R1 = "gradient penalty R1 on real images (Mescheder et al. 2018): D cannot become arbitrarily steep"
CALM = "Adam with beta1 = 0, and a moving average of G is what is shown"
STRIDED = "smaller networks with strided convolutions as in DCGAN's paper: a step costs less than half"
LIGHT = (
    "smaller networks with strided convolutions as in DCGAN's paper, one dense layer more in G, no batch norm in D: "
    "a step costs less than half"
)
HIDDEN = "one dense layer more in G"
DECAY = "rates fall to a twentieth by the end"

STABLE_IMAGES = Recipe(objective=objectives.NonSaturating(r1=0.1, every=4), D=STABLE_ADAM, G=STABLE_ADAM, steps=10_000, average=0.998)
QUICK_ADAM = STABLE_ADAM.model_copy(update={"lr": 2e-3})
FAST_ADAM = STABLE_ADAM.model_copy(update={"lr": 4e-3})
STABLE_CONVOLUTIONS = STABLE_IMAGES.model_copy(update={"D": QUICK_ADAM, "G": QUICK_ADAM, "steps": 8_000, "final_rate": 0.05})
TEXT_001_RECIPE = Recipe(objective=objectives.ClippedLog(), D=KERAS_ADAM, G=KERAS_ADAM, steps=10_000, splits=2, fresh_z=False)
