package dev.convene.gateway.core.delivery;

/** Told of what concerns the gateway life as a whole, on the tail's thread. */
public interface LifeEvents {
    /** The log says that this life no longer counts. */
    void ownLifeLost();

    /** The log's numbers of this life's own requests are not those of this process. */
    void ownRequestsOutOfStep();

    /** Something failed that should not; those whom it concerned were cut. */
    void failed(Throwable cause);

    /** A shard can no longer be applied; its sessions are cut. */
    void halted(int partition, long offset, RuntimeException cause);
}
