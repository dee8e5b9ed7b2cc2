package dev.convene.gateway.core.life;

/** The gateway's beats, seen by the owner of the sessions log. */
@FunctionalInterface
public interface LifeSigns {
    /** From now on beats are those of this gateway life. */
    void serveAs(long incarnation);
}
