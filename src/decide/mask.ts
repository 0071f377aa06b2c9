// What an event is to a stream, as bits.

/** Bits of a mask: what an event is to a stream. */
export const ANCHOR = 1
export const WITHOUT = 2
/** The first step of a sequence, and what any other stream counts. The second step is the next bit, and so on. */
export const HIT = 4
