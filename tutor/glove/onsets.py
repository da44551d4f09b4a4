"""How long the skin waits after the pin: onset by class of actuator, in milliseconds.

Figures from the middle of what makers state: an eccentric mass (ERM) must spin up, a linear resonator (LRA) builds up
in a few swings, a piezo moves at once, a servo has to travel. A simulated glove behaves like an ERM. A calibrated glove
knows better: its own figures for each finger go before this table.
"""

from __future__ import annotations

from tutor.glove.codes import ActuatorClass

ONSET_MS = {
    ActuatorClass.ERM: 60,
    ActuatorClass.LRA: 15,
    ActuatorClass.PIEZO: 1,
    ActuatorClass.SERVO: 80,
    ActuatorClass.SIM: 60,
}
