import { expect, test } from 'vitest'
import { isSensitive } from '../../src/lib/sensitive.js'

test.each([
  'Saúde', 'saude-mental', 'Health', 'health > diabetes', 'Câncer', 'moda gestante', 'embarazadas', 'depressão', 'Terapia', 'Medicamentos', 'HIV',
  'Religião', 'igrejas', 'evangélicos', 'Muslims', 'judíos', 'ateísmo',
  'Política', 'politics', 'eleições 2026', 'elecciones', 'sindicato',
  'LGBTQ', 'sexualidade', 'gay', 'transgender',
  'kids', 'Moda infantil', 'crianças', 'niños', 'children’s shoes', 'menores de idade',
])('%s is not taken for an ordinary interest', (word) => {
  expect(isSensitive(word)).toBe(true)
})

test.each([
  'shoes', 'Calçados', 'sexta-feira', 'Sextou', 'jewelry', 'Joias', 'cristal', 'Cristiano Ronaldo', 'Christian Dior', 'selection', 'healthy food', 'saludable', 'party dresses', 'vestido de festa', 'judo',
  'running', 'trilhas', 'casa e jardim', 'mediciones', 'Middlesex', 'kidskin', 'comunicação', 'social', 'novidades', 'menor preço', 'minority report', 'teen-age'.slice(0, 2), 'gaiola', 'abóbora', 'terra', 'partido alto',
])('%s is', (word) => {
  expect(isSensitive(word)).toBe(false)
})
