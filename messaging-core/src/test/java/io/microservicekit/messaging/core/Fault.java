package io.microservicekit.messaging.core;

import io.microservicekit.messaging.core.RandomScenario.Member;
import java.time.Duration;

/** What may go wrong; a random subset is drawn for each run. */
enum Fault {
    REBALANCE {
        @Override
        void strike(RandomScenario run) {
            run.markStruck("revoked");
            run.broker.rebalance(SimWorld.GROUP);
            if (run.redelivers()) {
                run.ledger.disrupted();
            }
        }
    },
    PAUSE {
        @Override
        void strike(RandomScenario run) {
            if (!run.alive.isEmpty()) {
                run.anyMember().pause();
            }
        }
    },
    RESUME {
        @Override
        void strike(RandomScenario run) {
            if (!run.alive.isEmpty()) {
                run.anyMember().resume();
            }
        }
    },
    EXPIRE {
        @Override
        void strike(RandomScenario run) {
            if (!run.alive.isEmpty()) {
                Member member = run.anyMember();
                member.lives.mark(run.marks, "session lost");
                run.ledger.disrupted();
                run.broker.expireSession(member.id);
            }
        }
    },
    CRASH {
        @Override
        void strike(RandomScenario run) {
            if (!run.alive.isEmpty()) {
                Member member = run.anyMember();
                member.lives.mark(run.marks, "crashed");
                run.alive.remove(member.id);
                run.unexpired.add(member.id);
                run.ledger.disrupted();
                run.ledger.crashed(member.id);
                run.sim.crash(member.id);
            }
        }
    },
    EXPIRE_CRASHED {
        @Override
        void strike(RandomScenario run) {
            run.unexpired.forEach(run.broker::expireSession);
            run.unexpired.clear();
        }
    },
    SHUTDOWN {
        @Override
        void strike(RandomScenario run) {
            if (!run.alive.isEmpty()) {
                run.shutDown(run.anyMember());
            }
        }
    },
    JOIN {
        @Override
        void strike(RandomScenario run) {
            if (run.alive.size() < 3) {
                run.markStruck("another joined");
                if (run.redelivers()) {
                    run.ledger.disrupted();
                }
                run.broker.reconnect();
                run.join();
            }
        }
    },
    REFUSE {
        @Override
        void strike(RandomScenario run) {
            run.broker.refuse(SimWorld.DEAD);
        }
    },
    ACCEPT {
        @Override
        void strike(RandomScenario run) {
            run.broker.accept(SimWorld.DEAD);
        }
    },
    LOSE_CONFIRMS {
        @Override
        void strike(RandomScenario run) {
            run.ledger.confirmsLost();
            run.broker.loseConfirms(SimWorld.DEAD, 1);
        }
    },
    DELAY_CONFIRMS {
        @Override
        void strike(RandomScenario run) {
            run.ledger.confirmsLost();
            run.broker.delayConfirms(SimWorld.DEAD, Duration.ofSeconds(1 + run.random.nextInt(20)), 2);
        }
    },
    DISCONNECT {
        @Override
        void strike(RandomScenario run) {
            run.markStruck("disconnected");
            run.ledger.disrupted();
            run.broker.disconnect();
            run.sim.advance(Duration.ofMillis(run.random.nextInt(5_000)));
            run.broker.reconnect();
        }
    },
    ERROR {
        @Override
        void strike(RandomScenario run) {
            if (!run.alive.isEmpty()) {
                run.ledger.disrupted();
                run.anyMember().errorDue = true;
            }
        }
    };

    abstract void strike(RandomScenario run);
}
