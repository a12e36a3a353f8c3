"""What a training carries from step to step."""

import torch

from gan_core.training.state import State
from tests.configs import small


class Listed(torch.nn.Module):
    """A network with a length, as containers have one: of none, it is false."""

    def __len__(self):
        return 0


def test_the_average_is_shown_where_there_is_one_whatever_its_truth():
    state = State.fresh(small("dcgan"))
    assert state.ema_or_G is state.average
    state.average = Listed()
    assert state.ema_or_G is state.average
    state.average = None
    assert state.ema_or_G is state.G
