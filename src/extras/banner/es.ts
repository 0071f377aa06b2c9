// What the banner says in Spanish: loaded alone, where a page speaks it.

import type { Texts } from './texts.js'

export const es: Texts = {
  who: '{controller} pregunta',
  title: '¿Puede este sitio recordar lo que usted lee?',
  personalize: 'Adaptar el sitio a usted',
  personalizeLine: 'Lo que usted lee se queda en este dispositivo, para elegir lo que le conviene.',
  measure: 'Medir lo que funciona',
  measureLine: 'Se envían recuentos anonimizados, uno a uno, sin ningún identificador.',
  measureNeeds: 'Necesita la primera opción.',
  nothingSent: 'Este sitio no envía nada.',
  signal: 'Su navegador pide que no le rastreen: no se guarda ni se envía nada, salvo que usted lo permita aquí.',
  policy: 'Política de privacidad',
  accept: 'Aceptar todo',
  reject: 'Rechazar todo',
  manage: 'Gestionar',
  save: 'Guardar selección',
  close: 'Cerrar',
  saved: 'Guardado. Puede cambiarlo cuando quiera.',
  failed: 'No se pudo guardar. Inténtelo de nuevo.',
  control: 'Privacidad',
}
