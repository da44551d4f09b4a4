"""The library: public-domain piano pieces for two hands, engraved for Dacapo, and the learner's own score files."""
