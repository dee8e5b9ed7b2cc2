/** The cases of the groups contract in one running system, over every surface and over two gateways. */
@NullMarked
package dev.convene.systemtests.groups;

import org.jspecify.annotations.NullMarked;
