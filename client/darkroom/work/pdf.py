def prepare() -> None:
    pass
