// segmentEvent(): an event of Segment's commerce vocabulary, which RudderStack shares, in the words of GA4.

import { isObject, own } from '../lib/own.js'

const TYPES: { [event: string]: string } = {
  'Products Searched': 'search',
  'Product List Viewed': 'view_item_list',
  'Promotion Viewed': 'view_promotion',
  'Promotion Clicked': 'select_promotion',
  'Product Clicked': 'select_item',
  'Product Viewed': 'view_item',
  'Product Added': 'add_to_cart',
  'Product Removed': 'remove_from_cart',
  'Product Added to Wishlist': 'add_to_wishlist',
  'Cart Viewed': 'view_cart',
  'Checkout Started': 'begin_checkout',
  'Payment Info Entered': 'add_payment_info',
  'Order Completed': 'purchase',
  'Order Refunded': 'refund',
  'Signed Up': 'sign_up',
  'Signed In': 'login',
  'Lead Generated': 'generate_lead',
}

/** GA4's name of a field, and where Segment has it: the first that is there. */
const FIELDS: { [field: string]: string[] } = {
  item_id: ['product_id', 'sku'],
  item_name: ['name'],
  item_brand: ['brand'],
  item_category: ['category'],
  item_variant: ['variant'],
  item_list_id: ['list_id'],
  item_list_name: ['list'],
  price: ['price'],
  quantity: ['quantity'],
  discount: ['discount'],
  value: ['value', 'total', 'revenue'],
  tax: ['tax'],
  shipping: ['shipping'],
  currency: ['currency'],
  coupon: ['coupon'],
  payment_type: ['payment_method'],
  promotion_id: ['promotion_id'],
  search_term: ['query'],
  method: ['method'],
}

const renamed = (from: { [key: string]: unknown }): { [field: string]: unknown } =>
  Object.fromEntries(
    Object.entries(FIELDS).flatMap(([field, names]) => {
      const name = names.find((one) => own(from, one) != null)
      return name === undefined ? [] : [[field, from[name]]]
    }),
  )

/** An event of a name that is not in the vocabulary keeps it. */
export function segmentEvent(event: unknown, properties: unknown): { type: unknown; props: object } {
  const from = isObject(properties) ? properties : {}
  const products = own(from, 'products')
  // A product that is told of by itself has its fields beside those of the event.
  const items = Array.isArray(products) ? { items: products.filter(isObject).map(renamed) } : {}
  return { type: (typeof event === 'string' && own(TYPES, event)) || event, props: { ...renamed(from), ...items } }
}
