class Stream:
    def child(self, id: int | str) -> Stream: ...

class Distribution:
    def __init__(self, law: DistributionLike) -> None: ...

simd_level: str
