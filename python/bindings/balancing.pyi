AnyBalancer = (
    RoundRobin
    | SmoothRoundRobin
    | RandomServer
    | LeastConnections
    | WeightedLeastConnections
    | LeastWork
    | PowerOfChoices
    | JoinIdleQueue
    | SizeInterval
    | PeakEwma
    | Prequal
    | ConsistentHashing
    | str
)
