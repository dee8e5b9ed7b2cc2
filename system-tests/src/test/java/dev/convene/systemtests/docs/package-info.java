/** What the documents show is run as it stands, against a running system. */
@NullMarked
package dev.convene.systemtests.docs;

import org.jspecify.annotations.NullMarked;
