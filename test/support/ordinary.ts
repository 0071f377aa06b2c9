// What sites have of their own, and no fence may refuse.

export const ORDINARY = [
  'shoes', 'Tênis de corrida', 'Calçados > Corrida', 'SHOE-42-BLK', 'TEN-0042/PT', 'B07XJ8C8F5', 'SKU_12345_42', '1234567', '42', '9.90', '1.299,90', 'R$ 1.234.567,89', '1.234.567',
  '2026-11-24', '24/11/2026', '2026-11-24T10:00:00.000Z', '2026-11-24T10:00:00+03:00', '2026-11-24 10:00', '20261124', '1795392000', '1795392000000', '1.10.0', '1.2.3-beta.4', 'v2.14.0', '120.0.6099.109',
  'Chrome/120.0.0.0', '/produtos/calcados/corrida/tenis-nike-air-zoom-pegasus-40-masculino', '/2026/11/24/as-melhores-trilhas-de-2026', '/p/7891234567895', 'iPhone-15-Pro-Max-256GB-Natural-Titanium',
  'spring_sale_2026_retargeting_lookalike_30d', 'BLACKFRIDAY2026', 'Black Friday 2026: até 70% off', '38, 39, 40, 41', '36 37 38 39 40 41 42 43', '10-25 kg', '100x200x300', '12:30:15', '01310-100', 'BRL', 'pt-BR', '@nike',
  'size:42', 'a@b', '5 @ 9.90', '#ff00aa', 'std::vector', '50% + 10%', '(2026) 10 units', '10h00 - 18h30', 'https://example.com/p/boots?color=red', '3 + 4', 'C++ 2026', '120210123456789012', '4x4', '7891234567895', '0.30000000000000004',
]
