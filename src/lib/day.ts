// Days and epochs, counted in UTC since 1970, so that no row tells a time zone.

export const DAY = 86_400_000

/** `at` is in ms since 1970. */
export const utcDay = (at: number): number => Math.floor(at / DAY)

/** Which period of `days` days, 28 by default, a time falls in. */
export const epochOf = (at: number, days = 28): number => Math.floor(utcDay(at) / days)

/** ms. How long what a visitor has answered about consent holds, a yes and a no alike; then they are asked again. */
export const LASTS = 180 * DAY
