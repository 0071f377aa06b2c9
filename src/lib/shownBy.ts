// shownBy(): the arm of an experience without a split; what recommends goes by its own name.

import type { Experience } from '../types.js'

export const shownBy = ({ name, recommend, show = recommend ? name : 'default' }: Pick<Experience, 'name' | 'recommend' | 'show'>): string => show
