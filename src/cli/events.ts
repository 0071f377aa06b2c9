// All events that are recorded by themselves, with their properties: for the check, which suggests the right name, and
// for whoever documents them. None of them holds what a visitor has typed, but for a declared search term.

export interface AutomaticEvent {
  /** `always`; `used` where something in the ruleset names it; `marked` where the page's markup does. */
  recorded: 'always' | 'used' | 'marked'
  when: string
  /** By name: what each property says. All but those of `page_view` may be missing. */
  props: { [name: string]: string }
}

const PAGE = { page: 'The page group.' }

/** What JSON-LD, Open Graph tags or the data layer say of a page, where the ruleset uses one of them. */
const ABOUT = {
  item_id: 'The product of the page.',
  item_name: 'Its name.',
  item_brand: 'Its brand.',
  item_category: 'Its category; item_category2 to 5 are those inside.',
  price: 'Its price.',
  currency: 'Such as BRL.',
  author: 'Of the article, or a list of them.',
  section: 'Of the article, or a list of them.',
  tags: 'A list.',
}

/** Of an item, or as a list where an event has several that differ. */
const ITEM = {
  item_id: 'The product.',
  item_name: 'Its name.',
  item_brand: 'Its brand.',
  item_category: 'Its category; item_category2 to 5 are those inside.',
  item_variant: 'Size, colour and the like.',
  item_list_name: 'The list that it stood in.',
  price: 'Of one.',
  quantity: 'How many in all.',
  value: 'Of the whole event, counted once.',
  currency: 'Such as BRL.',
  coupon: 'Its code.',
}

const shop = (when: string, props: { [name: string]: string } = ITEM): AutomaticEvent => ({ recorded: 'used', when: `The data layer says: ${when}.`, props: { ...PAGE, ...props } })

/** Events of the data layer, GA4's or Segment's. */
export const SHOP: { [type: string]: AutomaticEvent } = {
  view_item: { ...shop('a product is viewed'), when: 'A product is viewed: as the data layer says, else as JSON-LD or Open Graph tags of the page do.' },
  view_item_list: shop('a list of products is viewed'),
  select_item: shop('a product of a list is clicked'),
  view_promotion: shop('a promotion is viewed'),
  select_promotion: shop('a promotion is clicked'),
  add_to_wishlist: shop('a product is put on the wish list'),
  add_to_cart: shop('a product is put into the cart'),
  remove_from_cart: shop('a product is taken out of the cart'),
  view_cart: shop('the cart is viewed'),
  begin_checkout: shop('the checkout begins'),
  add_shipping_info: shop('the shipping is chosen'),
  add_payment_info: shop('the payment is chosen'),
  purchase: shop('something is bought'),
  refund: shop('money is given back'),
  view_search_results: shop('search results are viewed', { term: 'What was searched for: in small letters, at most 60 of them.' }),
  sign_up: shop('somebody signs up', { method: 'How.' }),
  login: shop('somebody logs in', { method: 'How.' }),
  generate_lead: shop('somebody leaves an address', { value: 'Of the lead.', currency: 'Such as BRL.' }),
  share: shop('content is shared', { method: 'How.', content_type: 'What kind.' }),
  select_content: shop('content is chosen', { content_type: 'What kind.', content_id: 'Which.' }),
}

export const EVENTS: { [type: string]: AutomaticEvent } = {
  page_view: {
    recorded: 'always',
    when: 'A page is opened, comes back from the back-forward cache, or its address changes in place.',
    props: { ...PAGE, path: 'The path, with neither query nor fragment.', utm: 'Campaign parameters of this address.', params: 'Query parameters that the ruleset lists under sense.params.', ...ABOUT },
  },
  visit: {
    recorded: 'always',
    when: 'Something happens after 30 minutes of nothing, or under a new campaign.',
    props: {
      utm: 'Campaign parameters.',
      referrer: 'What kind of site led here: search, social, mail, internal, direct or other.',
      click: 'Whose advertisement was clicked, such as google, from the presence of a click id.',
      landing: 'The page group that the visit begins on.',
    },
  },
  exposure: { recorded: 'always', when: 'The start of a slot is reached on screen.', props: { slot: 'The slot.', experience: 'The experience.', variant: 'The variant that is shown.' } },
  exposure_seen: { recorded: 'always', when: 'Half of a slot has been in view for a second.', props: { slot: 'The slot.', experience: 'The experience.', variant: 'The variant that is shown.' } },
  engaged: { recorded: 'used', when: 'The page has had so many seconds of attention: visible, focused, and with something done.', props: { ...PAGE, seconds: 'The threshold, of those under sense.engaged.' } },
  scroll: { recorded: 'used', when: 'A quarter of the page, a half, three quarters or its end comes into view.', props: { ...PAGE, percent: '25, 50, 75 or 100.' } },
  read: { recorded: 'used', when: 'The end of the main text is in view, after some seconds of attention.', props: PAGE },
  rage_click: { recorded: 'used', when: 'Three clicks within a second on the same spot.', props: PAGE },
  outbound_click: { recorded: 'used', when: 'A click on a link to another site.', props: { ...PAGE, domain: 'The other site’s host name.' } },
  file_download: { recorded: 'used', when: 'A click on a link to a file.', props: { ...PAGE, extension: 'What the file’s name ends with, such as pdf.' } },
  search: { recorded: 'used', when: 'A page view has the query parameter of sense.search.', props: { ...PAGE, term: 'What was searched for: in small letters, at most 60 of them.' } },
  form_start: { recorded: 'used', when: 'The first input into a form.', props: { ...PAGE, form: 'Its name attribute, else its id.' } },
  form_submit: { recorded: 'used', when: 'A form is submitted.', props: { ...PAGE, form: 'Its name attribute, else its id.' } },
  form_abandon: { recorded: 'used', when: 'A page is left with a form that was started and not submitted.', props: { ...PAGE, form: 'Its name attribute, else its id.' } },
  video_start: { recorded: 'used', when: 'A video is started; not one that plays by itself without a sound.', props: { ...PAGE, video: 'Its name attribute, else its id.' } },
  video_complete: { recorded: 'used', when: 'A video has played to its end.', props: { ...PAGE, video: 'Its name attribute, else its id.' } },
  ...SHOP,
  '(data-track)': { recorded: 'marked', when: 'A click on an element with data-track, which names the event.', props: { '*': 'Its data-track-* attributes; data-track-item-id is item_id.' } },
  '(data-track-view)': { recorded: 'marked', when: 'Half of an element with data-track-view, which names the event, has been in view for a second; once per page view.', props: { '*': 'Its data-track-* attributes.' } },
}
