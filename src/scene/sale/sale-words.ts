import { primary } from '../words.js';

/** The engine's own words on the layers of a sale. `{x}` stands for an amount of money. */
export interface SaleWords {
  readonly flashSale: string;
  /** Abbreviation after a number of days. */
  readonly days: string;
  readonly coupon: string;
  /** Under the value of a coupon. */
  readonly off: string;
  readonly ordersFrom: string;
  readonly claim: string;
  readonly byQuantity: string;
  readonly attributes: string;
  readonly soldOut: string;
}

const words = (
  flashSale: string,
  days: string,
  coupon: string,
  off: string,
  ordersFrom: string,
  claim: string,
  byQuantity: string,
  attributes: string,
  soldOut: string,
): SaleWords => ({ flashSale, days, coupon, off, ordersFrom, claim, byQuantity, attributes, soldOut });

const EN = words(
  'Flash sale',
  'd',
  'Coupon',
  'off',
  'Orders of {x} or more',
  'Claim it on the product page',
  'Price by quantity',
  'Key attributes',
  'Sold out',
);

const WORDS: Readonly<Record<string, SaleWords>> = {
  en: EN,
  ar: words(
    'عرض لفترة محدودة',
    'ي',
    'قسيمة',
    'خصم',
    'للطلبات من {x}',
    'احصل عليها في صفحة المنتج',
    'السعر حسب الكمية',
    'المواصفات الرئيسية',
    'نفدت الكمية',
  ),
  de: words(
    'Blitzangebot',
    'T',
    'Gutschein',
    'Rabatt',
    'Ab {x} Bestellwert',
    'Auf der Produktseite sichern',
    'Staffelpreise',
    'Eckdaten',
    'Ausverkauft',
  ),
  es: words(
    'Oferta relámpago',
    'd',
    'Cupón',
    'de descuento',
    'Pedidos desde {x}',
    'Consíguelo en la página del producto',
    'Precio por cantidad',
    'Características',
    'Agotado',
  ),
  fr: words(
    'Vente flash',
    'j',
    'Bon de réduction',
    'de réduction',
    'Dès {x} d’achat',
    'À prendre sur la page du produit',
    'Prix par quantité',
    'Caractéristiques',
    'Épuisé',
  ),
  hi: words(
    'सीमित समय का ऑफ़र',
    'दिन',
    'कूपन',
    'छूट',
    '{x} या अधिक के ऑर्डर पर',
    'उत्पाद पेज पर पाएँ',
    'मात्रा के अनुसार कीमत',
    'मुख्य विशेषताएँ',
    'बिक चुका',
  ),
  id: words(
    'Flash sale',
    'hr',
    'Kupon',
    'diskon',
    'Belanja mulai {x}',
    'Klaim di halaman produk',
    'Harga per jumlah',
    'Spesifikasi utama',
    'Habis terjual',
  ),
  it: words(
    'Offerta lampo',
    'g',
    'Coupon',
    'di sconto',
    'Ordini da {x}',
    'Da riscattare nella pagina del prodotto',
    'Prezzo per quantità',
    'Caratteristiche',
    'Esaurito',
  ),
  ja: words(
    'タイムセール',
    '日',
    'クーポン',
    '割引',
    '{x}以上のご注文で',
    '商品ページで獲得',
    '数量別価格',
    '主な仕様',
    '完売',
  ),
  ko: words(
    '타임 세일',
    '일',
    '쿠폰',
    '할인',
    '{x} 이상 주문 시',
    '상품 페이지에서 받기',
    '수량별 가격',
    '주요 사양',
    '품절',
  ),
  nl: words(
    'Flitsaanbieding',
    'd',
    'Coupon',
    'korting',
    'Bestellingen vanaf {x}',
    'Te claimen op de productpagina',
    'Staffelprijzen',
    'Kenmerken',
    'Uitverkocht',
  ),
  pl: words(
    'Oferta błyskawiczna',
    'd',
    'Kupon',
    'zniżki',
    'Przy zamówieniu od {x}',
    'Do odebrania na stronie produktu',
    'Cena wg ilości',
    'Parametry',
    'Wyprzedane',
  ),
  pt: words(
    'Oferta relâmpago',
    'd',
    'Cupom',
    'de desconto',
    'Pedidos a partir de {x}',
    'Resgate na página do produto',
    'Preço por quantidade',
    'Características',
    'Esgotado',
  ),
  ru: words(
    'Распродажа',
    'д',
    'Купон',
    'скидка',
    'При заказе от {x}',
    'Получите на странице товара',
    'Цена по количеству',
    'Характеристики',
    'Распродано',
  ),
  th: words('แฟลชเซล', 'วัน', 'คูปอง', 'ส่วนลด', 'สั่งซื้อขั้นต่ำ {x}', 'รับได้ที่หน้าสินค้า', 'ราคาตามจำนวน', 'คุณสมบัติหลัก', 'สินค้าหมด'),
  tr: words(
    'Flaş indirim',
    'gün',
    'Kupon',
    'indirim',
    '{x} ve üzeri siparişlerde',
    'Ürün sayfasından alın',
    'Adede göre fiyat',
    'Temel özellikler',
    'Tükendi',
  ),
  vi: words(
    'Ưu đãi chớp nhoáng',
    'ngày',
    'Phiếu giảm giá',
    'giảm',
    'Đơn từ {x}',
    'Nhận tại trang sản phẩm',
    'Giá theo số lượng',
    'Thông số chính',
    'Hết hàng',
  ),
  zh: words('限时优惠', '天', '优惠券', '立减', '满{x}可用', '在商品页领取', '阶梯价', '关键参数', '已售罄'),
  'zh-hant': words('限時優惠', '天', '優惠券', '折抵', '滿{x}可用', '在商品頁領取', '階梯價', '主要規格', '已售完'),
};

/** The words in a language; English where there are none. */
export const saleWords = (language: string): SaleWords => WORDS[primary(language)] ?? EN;
