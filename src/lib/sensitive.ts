// isSensitive(): does a word speak of health, belief, politics, sexuality or minors? In Portuguese, English and Spanish,
// by how such words begin; narrow enough for jewels, crystals, Fridays and selections to pass.

const HEALTH =
  'saude|salud|health|healthcare|doenca.*|enfermedad.*|disease.*|illness.*|cancer|oncolog.*|diabet.*|depress(ao|ion|ive)|depresion|ansiedade|ansiedad|anxiety|hiv|aids|sida|gravid.*|gestant.*|pregnan.*|embaraz.*|fertili.*|infertili.*|abort.*|contracep.*|anticoncep.*|obes.*|vicios?|adiccion.*|addict.*|alcoolism.*|alcoholi.*|deficienci.*|discapaci.*|disabilit.*|disabled|psiqui.*|psychi.*|psicolog.*|psycholog.*|terapi.*|therap.*|medic(ine|ines|ina|inas|amentos?|ation)'
const BELIEF =
  'relig.*|igrejas?|iglesias?|church(es)?|cristaos?|cristianism.*|christianity|catolic.*|catholic.*|evangel.*|protestant.*|islam.*|muslims?|muculman.*|musulman.*|judeus?|judios?|judai.*|jew(s|ish)?|budis.*|buddh.*|hindu.*|ateu.?|ateis.*|ateos?|atheis.*|umbanda|candomble|espirit(a|as|ism.*)'
const POLITICS = 'politic.*|elei(cao|coes|tor.*)|eleccion.*|elections?|sindica(l|to|tos)|trade union.*|socialis.*|comunis.*|communis.*|fascis.*'
const SEXUALITY = 'sex|sexo|sexual.*|lgbt.*|gays?|lesbi.*|bissex.*|bisex.*|homossex.*|homosex.*|transgen.*|transex.*|transsex.*|queer|erotic.*|porn.*'
const MINORS = 'kids?|child|children.*|infan(til|tis|tiles|cia)|criancas?|nin[oa]s?|adolescen.*|teens?|teenage.*|minors?|underage|menor(es)? de (idade|edad)'

const SENSITIVE = new RegExp(`(^|[^a-z])(${[HEALTH, BELIEF, POLITICS, SEXUALITY, MINORS].join('|').replace(/\.\*/g, '[a-z]*').replace(/\.\?/g, '[a-z]?')})($|[^a-z])`)

/** Letters without their accents, as such words are written in addresses. */
export const isSensitive = (text: string): boolean => SENSITIVE.test(text.slice(0, 100).normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase())
