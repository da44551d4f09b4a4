"""The report page: how the take went and what comes next."""
