import { product, type Product } from '../../../../src/config/sections/product.js';

/** Titles as long as shops write them, in languages and scripts that need the most room. */
const LONG_TITLES: Readonly<Record<string, string>> = {
  de: 'Hochgeschwindigkeits-Präzisionswinkelschleifmaschine mit Staubabsaugvorrichtung und Zweihandsicherheitsschalter',
  zh: '欧式复古实木可伸缩折叠多功能家用客厅餐厅两用圆形餐桌带储物抽屉六人位组合套装',
  ar: 'مجموعة أدوات المطبخ المتكاملة المصنوعة من الفولاذ المقاوم للصدأ مع مقابض خشبية مضادة للانزلاق',
  th: 'ชุดเครื่องครัวสแตนเลสเคลือบกันติดพร้อมฝาแก้วและด้ามจับกันความร้อนสำหรับครอบครัวขนาดใหญ่',
};
export const LONG_LANGUAGES = Object.keys(LONG_TITLES);

/** A product with a long title, a high price and a former one. */
export function longProduct(language: string, image: string): Product {
  const title = LONG_TITLES[language] ?? LONG_TITLES['de']!;
  return product.parse({
    id: 'long',
    title,
    subtitle: title.slice(0, 60),
    image,
    price: { amount: 12_999.95, currency: 'USD', unit: 'piece', was: 15_499.95 },
    minimumOrder: '10000',
  });
}
