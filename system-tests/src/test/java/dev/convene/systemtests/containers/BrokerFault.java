package dev.convene.systemtests.containers;

/** What can happen to one of three brokers. */
enum BrokerFault {
    /** It is gone at once, and started again on its data. */
    KILLED {
        @Override
        void begin(ReplicatedBrokers brokers, int victim) {
            brokers.kill(victim);
        }

        @Override
        void end(ReplicatedBrokers brokers, int victim) {
            brokers.startAgain(victim);
        }
    },
    /** Its connections stay open and nothing answers; when it goes on it believes that no time has passed. */
    PAUSED {
        @Override
        void begin(ReplicatedBrokers brokers, int victim) {
            brokers.pause(victim);
        }

        @Override
        void end(ReplicatedBrokers brokers, int victim) {
            brokers.goOn(victim);
        }
    },
    /** It runs on, believes to lead and reaches nobody. */
    CUT_OFF {
        @Override
        void begin(ReplicatedBrokers brokers, int victim) {
            brokers.cutOff(victim);
        }

        @Override
        void end(ReplicatedBrokers brokers, int victim) {
            brokers.connectAgain(victim);
        }
    };

    abstract void begin(ReplicatedBrokers brokers, int victim);

    abstract void end(ReplicatedBrokers brokers, int victim);
}
