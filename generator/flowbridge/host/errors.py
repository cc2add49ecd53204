"""What a user can cause: one exception with a code, a message and a cure, printed without a traceback."""


class HostError(Exception):
    """A failure of the surroundings (the app, host.json, the port, the disk), never of the host itself.

    `code` is one of the H-codes below, `message` says what is wrong, `cure` what to do about it.

    H01 the app does not load      H02 the app declares something the host does not serve
    H03 host.json is wrong         H04 the port is taken
    H05 another host is at work on the data folder
    H06 the database is locked     H07 the disk is full
    H08 the database is broken     H09 the database is from a newer version
    H10 the data folder cannot be used
    """

    def __init__(self, code: str, message: str, cure: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.cure = cure

    def __str__(self) -> str:
        return f"error[{self.code}]: {self.message}\n  = cure: {self.cure}"
