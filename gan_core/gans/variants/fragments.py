"""What several entries share: optimisers and recipes they start from, and sentences that are true of more than one."""

from gan_core.gans import objectives
from gan_core.gans.recipes import Adam, Recipe
from gan_core.translation import N_

KERAS_ADAM = Adam(lr=1e-3, eps=1e-7)  # Keras' default optimiser
STABLE_ADAM = Adam(lr=1e-3, beta1=0.0, beta2=0.99)

TEXT_001_LOOP = (
    N_(
        "The 64 samples of a step are split into two mini-batches of 32: the tutorial calls Keras' fit without a batch size, and fit "
        "then does this."
    ),
    N_("Batches are drawn with replacement."),
)
LOGITS = N_("The losses are computed on logits, without a clipped logarithm: G's gradient does not vanish when D is sure.")
R1 = N_("Gradient penalty R1 on real samples (Mescheder et al. 2018): it keeps D smooth.")
CALM = N_("Adam with beta1 = 0. The generator that is shown is a moving average of G.")
STRIDED = N_("Smaller networks with strided convolutions, as in the DCGAN paper: a step costs less than half as much.")
LIGHT = N_(
    "Smaller networks with strided convolutions, as in the DCGAN paper, one more dense layer in G, and no batch norm in D: "
    "a step costs less than half as much."
)
HIDDEN = N_("One more dense layer in G.")
DECAY = N_("Learning rates fall to a twentieth by the end.")
OWN_STEPS = N_("10,000 steps are this project's choice.")

STABLE_IMAGES = Recipe(objective=objectives.NonSaturating(r1=0.1, every=4), D=STABLE_ADAM, G=STABLE_ADAM, steps=10_000, average=0.998)
QUICK_ADAM = STABLE_ADAM.model_copy(update={"lr": 2e-3})
FAST_ADAM = STABLE_ADAM.model_copy(update={"lr": 4e-3})
STABLE_CONVOLUTIONS = STABLE_IMAGES.model_copy(update={"D": QUICK_ADAM, "G": QUICK_ADAM, "steps": 8_000, "final_rate": 0.05})
TEXT_001_RECIPE = Recipe(objective=objectives.ClippedLog(), D=KERAS_ADAM, G=KERAS_ADAM, steps=10_000, splits=2, fresh_z=False)
