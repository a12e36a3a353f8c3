"""Measures of what a GAN makes, one family a file. Each name states its protocol.

The distribution metrics look through the judge, a frozen digit classifier that ships with the package (judge.py): their values
compare only with values of the same judge, which is why every evaluation names its hash and gives each distance as a multiple of its
floor, the same distance between real and real.
"""
