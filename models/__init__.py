"""The composer: takes music apart into features and puts it together again."""
