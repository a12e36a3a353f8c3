"""Health: what a run's own numbers say about how it goes, in a sentence, with evidence, the reason, and what to try.

Losses alone mislead: a GAN's losses are each other's opponents, and neither has to fall. What counts is what the samples are like
(the probes' cheap metrics); what the game looks like (D's opinions, what is left of G's gradient) says why. So a sign of trouble in
the game is amber while the samples are good or getting better, and red when they are neither. These modules read plain numbers
and know neither torch nor files.
"""
