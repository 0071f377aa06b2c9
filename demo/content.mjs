// The words of the demo: a small outdoor magazine with a shop, in Portuguese and English.

export const languages = ['pt-BR', 'en']

/** Everything but the stories, by language. */
export const words = {
  'pt-BR': {
    home: '/',
    name: 'Vereda',
    tagline: 'Revista de caminhada e acampamento',
    other: { label: 'English', lang: 'en' },
    shop: { label: 'Loja', title: 'A loja da Vereda', lead: 'Pouca coisa, bem feita, testada nas nossas próprias trilhas.' },
    latest: 'Para ler agora',
    more: 'Leia também',
    next: { title: 'Escolhido para você', about: 'Pelo que você leu aqui, neste aparelho. Nada disso saiu dele.', not: 'Não me interessa' },
    together: { title: 'Vai bem com a sua sacola', not: 'Não me interessa' },
    back: 'Voltar à capa',
    add: 'Pôr na sacola',
    topics: { boots: 'Botas', camping: 'Acampamento' },
    minutes: (n) => `${n} min de leitura`,
    hero: {
      default: { kicker: 'Edição de novembro', title: 'O caminho mais longo costuma ser o melhor', lead: 'Histórias, equipamento e rotas para quem gosta de andar devagar.', link: 'Ver a loja', to: 'shop' },
      boots: { kicker: 'Para quem anda pensando em botas', title: 'Seus pés merecem um guia só deles', lead: 'Amaciar, amarrar, secar: tudo o que aprendemos em três mil quilômetros, e o par que ficou.', link: 'Ver as botas', to: 'shop' },
      camping: { kicker: 'Para quem sonha com barraca', title: 'Uma noite fora, sem sustos', lead: 'Vento, chuva e silêncio: como escolher o lugar e dormir de verdade.', link: 'Ver as barracas', to: 'shop' },
      basket: { kicker: 'Sua sacola espera', title: 'Falta pouco para a trilha', lead: 'O que você escolheu continua guardado, aqui no seu aparelho e em mais lugar nenhum.', link: 'Ir para a loja', to: 'shop' },
      returning: { kicker: 'Que bom ver você de novo', title: 'De volta à vereda', lead: 'Separamos o que saiu desde a sua última visita.', link: 'Ver a loja', to: 'shop' },
    },
    shelf: {
      default: { title: 'Da loja', lead: 'Um cantil de aço que dura mais do que a moda.', item: 'cantil' },
      boots: { title: 'Para os seus pés', lead: 'A Serra: couro, sola trocável, e duas semanas para devolver.', item: 'serra' },
      camping: { title: 'Para a sua noite fora', lead: 'A Orvalho: 1,6 kg, fica de pé em seis minutos.', item: 'orvalho' },
      weather: { title: 'Chuva no fim de semana?', lead: 'Um cantil de aço, e a capa que cabe no bolso.', item: 'cantil' },
    },
    products: {
      serra: { name: 'Bota Serra', price: 'R$ 690', note: 'Couro, sola trocável', category: 'boots' },
      meia: { name: 'Meia de lã', price: 'R$ 89', note: 'Não aperta, não escorrega', category: 'boots' },
      orvalho: { name: 'Barraca Orvalho', price: 'R$ 1.490', note: 'Dois lugares, 1,6 kg', category: 'camping' },
      cantil: { name: 'Cantil de aço', price: 'R$ 120', note: 'Um litro', category: 'other' },
    },
    signup: {
      default: { title: 'O boletim da Vereda', lead: 'Uma carta por mês, com histórias, equipamento e rotas.', button: 'Assinar' },
      route: { title: 'Uma rota nova por mês', lead: 'Com mapa, onde há água e onde dormir. Cabe em uma página.', button: 'Quero a próxima' },
      friday: { title: 'Sexta-feira, e você já sabe aonde ir', lead: 'Uma caminhada curta para o fim de semana, toda sexta de manhã.', button: 'Me conte na sexta' },
      thanks: { title: 'Você está na lista', lead: 'A próxima carta sai na lua cheia. Até lá, boa caminhada.' },
    },
    signupWords: { label: 'Seu e-mail', placeholder: 'voce@exemplo.com.br', note: 'É uma demonstração: o endereço não é guardado nem enviado a ninguém.', thanks: 'Obrigado! O endereço não saiu deste campo; só fica anotado, neste aparelho, que você assinou.' },
    nudge: { title: 'Gostando da história?', lead: 'Vem uma dessas por mês, no boletim.', link: 'Ver o boletim', close: 'Agora não' },
    footer: 'Uma revista que não existe, para mostrar o Slotwise. O que você faz aqui fica neste aparelho. Só se você aceitar a medição saem linhas sem identificador, e este site mostra cada uma por inteiro.',
  },
  en: {
    home: '/en/',
    name: 'Vereda',
    tagline: 'A magazine for walking and camping',
    other: { label: 'Português', lang: 'pt-BR' },
    shop: { label: 'Shop', title: 'The Vereda shop', lead: 'Few things, well made, tested on our own trails.' },
    latest: 'To read now',
    more: 'Read next',
    next: { title: 'Picked for you', about: 'From what you read here, on this device. None of it has left.', not: 'Not interested' },
    together: { title: 'Goes well with your basket', not: 'Not interested' },
    back: 'Back to the cover',
    add: 'Add to basket',
    topics: { boots: 'Boots', camping: 'Camping' },
    minutes: (n) => `${n} min read`,
    hero: {
      default: { kicker: 'The November issue', title: 'The long way round is usually the better one', lead: 'Stories, kit and routes for people who like to walk slowly.', link: 'See the shop', to: 'shop' },
      boots: { kicker: 'For those with boots on their mind', title: 'Your feet deserve a guide of their own', lead: 'Breaking in, lacing, drying: all that three thousand kilometres taught us, and the pair we kept.', link: 'See the boots', to: 'shop' },
      camping: { kicker: 'For those who dream of a tent', title: 'A night outside, and no surprises', lead: 'Wind, rain and silence: how to choose the place, and really sleep.', link: 'See the tents', to: 'shop' },
      basket: { kicker: 'Your basket is waiting', title: 'Nearly on the trail', lead: 'What you chose is still here, on this device and nowhere else.', link: 'Go to the shop', to: 'shop' },
      returning: { kicker: 'Good to see you again', title: 'Back on the path', lead: 'We set aside what is new since your last visit.', link: 'See the shop', to: 'shop' },
    },
    shelf: {
      default: { title: 'From the shop', lead: 'A steel bottle that outlives the fashion.', item: 'cantil' },
      boots: { title: 'For your feet', lead: 'The Serra: leather, a sole you can replace, two weeks to send it back.', item: 'serra' },
      camping: { title: 'For your night outside', lead: 'The Orvalho: 1.6 kg, and it stands in six minutes.', item: 'orvalho' },
      weather: { title: 'Rain at the weekend?', lead: 'A steel bottle, and the cape that fits a pocket.', item: 'cantil' },
    },
    products: {
      serra: { name: 'Serra boot', price: '€ 129', note: 'Leather, replaceable sole', category: 'boots' },
      meia: { name: 'Wool sock', price: '€ 16', note: 'Neither pinches nor slips', category: 'boots' },
      orvalho: { name: 'Orvalho tent', price: '€ 279', note: 'For two, 1.6 kg', category: 'camping' },
      cantil: { name: 'Steel bottle', price: '€ 24', note: 'One litre', category: 'other' },
    },
    signup: {
      default: { title: 'The Vereda letter', lead: 'One letter a month, with stories, kit and routes.', button: 'Subscribe' },
      route: { title: 'A new route each month', lead: 'With a map, where the water is and where to sleep. It fits on one page.', button: 'Send me the next' },
      friday: { title: 'Friday, and you know where to go', lead: 'A short walk for the weekend, every Friday morning.', button: 'Tell me on Friday' },
      thanks: { title: 'You are on the list', lead: 'The next letter leaves at full moon. Until then, walk well.' },
    },
    signupWords: { label: 'Your e-mail', placeholder: 'you@example.com', note: 'This is a demo: the address is neither kept nor sent to anybody.', thanks: 'Thank you! The address never left this field; all that is noted, on this device, is that you signed up.' },
    nudge: { title: 'Enjoying the story?', lead: 'One like it comes each month, in the letter.', link: 'See the letter', close: 'Not now' },
    footer: 'A magazine that does not exist, to show Slotwise. What you do here stays on this device. Only if you agree to be measured do rows without an identifier leave it, and this site shows each of them in full.',
  },
}

/** Each story in both languages; its address holds its topic, which is what the ruleset's page groups read. */
export const stories = [
  {
    topic: 'boots',
    scene: 3,
    'pt-BR': {
      slug: 'amaciar',
      title: 'Amaciar uma bota leva duas semanas, não um fim de semana',
      lead: 'Couro novo tem memória curta e opinião forte. Dê a ele passeios pequenos antes da serra.',
      body: [
        'Comece em casa. Meia hora por dia, com a meia que você vai usar na trilha, já mostra onde o couro briga com o osso. Se dói parado, vai doer mais andando.',
        'Na segunda semana, saia. Ladeira, escada, calçada molhada: o pé escorrega para a frente na descida, e é ali que nascem as bolhas. Um laço firme no peito do pé segura o calcanhar.',
        'Não molhe a bota para apressar. A água amolece a cola antes do couro, e o calor do fogão faz o resto.',
      ],
    },
    en: {
      slug: 'breaking-in',
      title: 'Breaking in a boot takes two weeks, not a weekend',
      lead: 'New leather has a short memory and strong opinions. Give it small walks before the mountain.',
      body: [
        'Start at home. Half an hour a day, in the sock you mean to hike in, will show where leather argues with bone. If it hurts standing still, it will hurt more walking.',
        'In the second week, go out. Slopes, stairs, wet pavement: on the way down the foot slides forward, and that is where blisters are born. A firm lace over the instep holds the heel.',
        'Do not soak the boot to hurry it. Water softens the glue before the leather, and a stove does the rest.',
      ],
    },
  },
  {
    topic: 'boots',
    scene: 8,
    'pt-BR': {
      slug: 'amarrar',
      title: 'Três laços que salvam uma descida',
      lead: 'O nó de cirurgião, a volta de calcanhar e o laço solto: um minuto cada, e as unhas agradecem.',
      body: [
        'O nó de cirurgião é uma volta a mais no cruzamento. Ele trava a parte de baixo do cadarço, e a de cima pode ficar mais solta ou mais firme sem que o resto se mexa.',
        'A volta de calcanhar usa o último gancho ao contrário, de cima para baixo. Ela puxa o pé para trás, que é onde ele deve estar quando o chão desce.',
        'Na subida, afrouxe o tornozelo. A panturrilha precisa de espaço para trabalhar.',
      ],
    },
    en: {
      slug: 'lacing',
      title: 'Three lacings that save a descent',
      lead: 'The surgeon’s knot, the heel lock and the loose top: a minute each, and your toenails will thank you.',
      body: [
        'The surgeon’s knot is one more turn where the laces cross. It locks the lower part, and the upper can be looser or tighter while the rest stays put.',
        'The heel lock takes the last hook the other way, from above. It pulls the foot back, which is where it should be when the ground falls away.',
        'Going up, loosen the ankle. The calf needs room to work.',
      ],
    },
  },
  {
    topic: 'boots',
    scene: 14,
    'pt-BR': {
      slug: 'secar',
      title: 'Como secar uma bota sem estragá-la',
      lead: 'Jornal, sombra e paciência. O secador de cabelo fica em casa.',
      body: [
        'Tire a palmilha e os cadarços. Encha a bota de jornal, troque depois de uma hora, e de novo antes de dormir.',
        'Deixe na sombra, onde corre ar. O sol racha o couro em uma tarde; o fogo, em dez minutos.',
        'Seca, ela pede graxa. Pouca, com a mão, nas costuras primeiro.',
      ],
    },
    en: {
      slug: 'drying',
      title: 'How to dry a boot without ruining it',
      lead: 'Newspaper, shade and patience. The hair dryer stays at home.',
      body: [
        'Take out the insole and the laces. Stuff the boot with newspaper, change it after an hour, and again before bed.',
        'Leave it in the shade, where air moves. Sun cracks leather in an afternoon; a fire, in ten minutes.',
        'Once dry, it wants grease. A little, by hand, the seams first.',
      ],
    },
  },
  {
    topic: 'camping',
    scene: 21,
    'pt-BR': {
      slug: 'vento',
      title: 'Onde o vento não encontra a barraca',
      lead: 'Antes de abrir o saco, leia o terreno: a grama deitada conta a história da noite passada.',
      body: [
        'O vale parece abrigado, e de noite vira corredor de ar frio. Suba vinte metros, para uma prateleira da encosta, e durma mais quente.',
        'Aponte a parte baixa da barraca para onde o vento vem. Se ele virar, as cordas laterais fazem a diferença entre ouvir e sofrer.',
        'Árvore sozinha não é abrigo. Nem do vento, nem do raio.',
      ],
    },
    en: {
      slug: 'wind',
      title: 'Where the wind does not find the tent',
      lead: 'Before you open the bag, read the ground: flattened grass tells the story of last night.',
      body: [
        'The valley looks sheltered, and at night it turns into a corridor of cold air. Go up twenty metres, to a shelf in the slope, and sleep warmer.',
        'Point the low end of the tent to where the wind comes from. Should it turn, the side guys are the difference between hearing it and suffering it.',
        'A single tree is no shelter. Not from wind, and not from lightning.',
      ],
    },
  },
  {
    topic: 'camping',
    scene: 30,
    'pt-BR': {
      slug: 'primeira-noite',
      title: 'A primeira noite fora: uma lista curta',
      lead: 'Um saco de dormir honesto, uma lanterna de cabeça, e alguém que saiba onde você está.',
      body: [
        'Leve menos comida e mais água. A fome passa, a sede não.',
        'Monte a barraca em casa antes. Na primeira vez sempre falta uma vareta, e é melhor que falte na sala.',
        'Diga a alguém para onde vai e quando volta. É o item mais leve da lista.',
      ],
    },
    en: {
      slug: 'first-night',
      title: 'The first night outside: a short list',
      lead: 'An honest sleeping bag, a head torch, and somebody who knows where you are.',
      body: [
        'Take less food and more water. Hunger passes, thirst does not.',
        'Pitch the tent at home first. The first time there is always a pole missing, and better in the living room.',
        'Tell somebody where you are going and when you will be back. It is the lightest item on the list.',
      ],
    },
  },
]
