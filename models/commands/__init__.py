"""The commands that need a composer: vary, train, evaluate."""
