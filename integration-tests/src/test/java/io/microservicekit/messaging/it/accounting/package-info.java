/** The accounting core: self-describing bodies, ledgers that survive a kill, the pure checker of rules A1 to A12. */
@NullMarked
package io.microservicekit.messaging.it.accounting;

import org.jspecify.annotations.NullMarked;
