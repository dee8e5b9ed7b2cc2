/**
 * What the members of groups saw, as a history of plain records, and checkers that say whether that history keeps the
 * promises of ordered multicast: one total order, first-in-first-out per sender, causality, at most once, view
 * synchrony, nothing lost.
 *
 * <p>The model knows no protocol and no runtime type: any surface that can write down what a session sent and received,
 * in the order in which it did, can be checked, in any language and at any layer. The properties are those of virtual
 * synchrony as Birman, and later the Spread toolkit (Amir, Stanton: "The Spread Wide Area Group Communication System",
 * 1998; extended virtual synchrony: Moser, Amir, Melliar-Smith, Agarwal 1994), define them; the formulations follow
 * Chockler, Keidar, Vitenberg, "Group Communication Specifications: A Comprehensive Study" (2001).
 */
@NullMarked
package dev.convene.testkit.check.order;

import org.jspecify.annotations.NullMarked;
