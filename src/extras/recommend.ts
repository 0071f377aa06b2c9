// What recommendations are made of, pure: the catalogue, related rows, ranking and reasons. A page fetches this file where
// its ruleset recommends; code that shows items by itself imports it.

export { because } from './recommend/words.js'
export { type Catalogue, type Item, positionOf, readCatalogue } from './recommend/catalogue.js'
export { interestsOf, knownOf } from './recommend/known.js'
export { type Known, type Ranked, type Ranking, rank, type Term } from './recommend/rank.js'
export { decodeRow, isOf, type Neighbours, shardOf, type Table } from './recommend/table.js'
