/**
 * Draws `public/menu/<item_id>.svg` for every dish of the default menu, and the small pictures of its choices.
 *
 * Icons come from the MIT-licensed set fluent-emoji-flat; what must be told apart at a glance (eight burgers, four
 * cold drinks, three coffees hot and iced) is drawn in the same flat style. Run it again after changing the menu:
 * `npm run draw --workspace web`. It writes the pictures of the pages, `public/art/`, too.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const icons = createRequire(import.meta.url)('@iconify-json/fluent-emoji-flat/icons.json').icons;
const folder = new URL('../public/menu/', import.meta.url);

/** An icon of the set as a group on the 64-unit canvas: its 32 units times `scale`, moved by `x`, `y`. */
const icon = (name, { x = 0, y = 0, scale = 2, turn = 0, colours = {} } = {}) => {
  let body = icons[name]?.body;
  if (body === undefined) throw new Error(`fluent-emoji-flat has no icon "${name}": choose one that it has`);
  for (const [from, to] of Object.entries(colours)) body = body.replaceAll(from, to);
  return `<g transform="translate(${x} ${y}) scale(${scale}) rotate(${turn} 16 16)">${body}</g>`;
};
const path = (fill, d) => `<path fill="${fill}" d="${d}"/>`;
const box = (fill, x, y, width, height, round) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" fill="${fill}"/>`;
const dot = (fill, x, y, r) => `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;

/** A wavy band from x 6 to 58, its top at `y`. */
const wave = (fill, y, depth) => {
  const humps = [6, 19, 32, 45].map(
    (x) => `C${x + 3} ${y + depth} ${x + 10} ${y + depth} ${x + 13} ${y + depth * 0.45}`,
  );
  return path(
    fill,
    `M6 ${y}h52v${depth * 0.45}` +
      humps
        .map((_, i) => {
          const x = 58 - i * 13;
          return `C${x - 3} ${y + depth * 1.15} ${x - 10} ${y + depth * 1.15} ${x - 13} ${y + depth * 0.45}`;
        })
        .join('') +
      'z',
  );
};

/** What a burger is built of, from top to bottom; `height` is how far the next layer moves down. */
const layers = {
  lettuce: { height: 3.5, draw: (y) => wave('#5aa63b', y - 1, 8) + wave('#79c24f', y - 1, 5) },
  tomato: {
    height: 4,
    draw: (y) =>
      box('#d92b2b', 8, y - 1, 23, 5, 2.5) +
      box('#e8473f', 32, y - 1, 24, 5, 2.5) +
      box('#ff8a75', 11, y, 15, 1.4, 0.7) +
      box('#ff9d88', 36, y, 15, 1.4, 0.7),
  },
  cheese: {
    height: 2.5,
    draw: (y) =>
      path('#fcc62f', `M5 ${y - 1}h54v2.5l-9 5.5-8-5H26l-7 7-8-7H5z`) +
      path('#ffdf6b', `M5 ${y - 1}h54v1.3H5z`),
  },
  patty: {
    height: 6.5,
    draw: (y) =>
      box('#5d3726', 5, y - 1, 54, 8.5, 4.2) +
      box('#7a4a33', 9, y, 46, 2, 1) +
      dot('#43261a', 18, y + 4.2, 1) +
      dot('#43261a', 33, y + 5, 1.1) +
      dot('#43261a', 46, y + 4, 0.9),
  },
  bulgogi: {
    height: 7,
    draw: (y) =>
      path('#4a2a1c', `M6 ${y}c3-4 9-1 13-2 5-2 8 1 13 0s8-2 13 0 10-1 13 2c3 4 0 8-5 8H12c-6 0-9-4-6-8z`) +
      path(
        '#7b4327',
        `M10 ${y + 1}c5-2 9 1 14-1 4 2 9 0 13 1 5-1 10 0 16 1l-2 2c-6-1-11 1-16 0-6 1-10-1-14 0-4 1-8 0-12 0z`,
      ) +
      path('#8d2f1d', `M12 ${y + 6}h40l-3 3-3-2-4 5-4-5h-9l-3 4-3-4h-5z`) +
      [15, 26, 38, 49].map((x, i) => box('#fff0cf', x, y + 1 + (i % 2) * 2.5, 2.2, 1.2, 0.6)).join('') +
      box('#6fbf45', 21, y + 3.5, 3.4, 1.5, 0.7) +
      box('#6fbf45', 43, y + 2.2, 3.4, 1.5, 0.7),
  },
  shrimp: {
    height: 7,
    draw: (y) =>
      box('#e58b3a', 5, y - 1, 54, 9, 4.5) +
      box('#f6ab5c', 8, y - 0.4, 48, 3, 1.5) +
      [14, 29, 44]
        .map(
          (x) =>
            `<path d="M${x} ${y + 4.8}a3.4 3.4 0 1 1 5.6 1.4" fill="none" stroke="#ff7f6b" stroke-width="2.6" stroke-linecap="round"/><path d="M${x + 0.6} ${y + 2.9}l1.2.7M${x + 2.4} ${y + 1.4}l.8 1" stroke="#ffd2c4" stroke-width=".8"/>`,
        )
        .join(''),
  },
  chicken: {
    height: 9,
    draw: (y) =>
      path(
        '#c9772a',
        `M4 ${y + 3}c0-4 4-3 6-5s6 1 9-1 7 1 10-1 7 1 10-.5 6 1 9 .5 6 0 8 2 5 2 4 6-4 4-7 5-6 2-9 .5-7 1-10 0-7 1-10 0-7 1-10-.5-10 0-10-6z`,
      ) +
      path(
        '#e39a44',
        `M8 ${y + 1}c4-3 8-.5 12-2s8 1 12-.5 8 .5 11 0 7 0 11 2c-4 2-8 0-12 1.5s-8-.5-12 .5-8-.5-11 .5-8 0-11-2z`,
      ) +
      [13, 24, 37, 50].map((x, i) => dot('#a85d1c', x, y + 4.5 + (i % 2), 1)).join(''),
  },
  hotChicken: {
    height: 9,
    draw: (y) =>
      path(
        '#a62516',
        `M4 ${y + 3}c0-4 4-3 6-5s6 1 9-1 7 1 10-1 7 1 10-.5 6 1 9 .5 6 0 8 2 5 2 4 6-4 4-7 5-6 2-9 .5-7 1-10 0-7 1-10 0-7 1-10-.5-10 0-10-6z`,
      ) +
      path(
        '#d8412a',
        `M8 ${y + 1}c4-3 8-.5 12-2s8 1 12-.5 8 .5 11 0 7 0 11 2c-4 2-8 0-12 1.5s-8-.5-12 .5-8-.5-11 .5-8 0-11-2z`,
      ) +
      [13, 24, 37, 50].map((x, i) => dot('#ffb43a', x, y + 4.3 + (i % 2), 1.1)).join(''),
  },
  veggie: {
    height: 7,
    draw: (y) =>
      box('#6f7a2e', 5, y - 1, 54, 9, 4.5) +
      box('#8f9c42', 8, y - 0.3, 48, 2.4, 1.2) +
      [
        [13, 3, '#f2a33c'],
        [21, 5, '#4c8b36'],
        [29, 3, '#f6d352'],
        [37, 5, '#f2a33c'],
        [45, 3, '#4c8b36'],
        [52, 4.6, '#f6d352'],
      ]
        .map(([x, dy, c]) => dot(c, x, y + dy, 1.5))
        .join(''),
  },
  bacon: {
    height: 4.5,
    draw: (y) =>
      [0, 1]
        .map(
          (i) =>
            `<path d="M4 ${y + 1 + i * 2.6}c6-5 10 4 16 0s10 3 15-.5 10 4 15 0 7-1 10 .5" fill="none" stroke="${i ? '#f2a08c' : '#b3342c'}" stroke-width="${i ? 1.9 : 3.6}" stroke-linecap="round"/>`,
        )
        .join(''),
  },
  mayo: { height: 1.5, draw: (y) => path('#fff6dc', `M7 ${y - 1}h50v2l-6 3-6-2-8 4-7-4-8 2-7-3-8 2z`) },
  onion: {
    height: 2.5,
    draw: (y) =>
      [10, 24, 38]
        .map(
          (x) =>
            `<path d="M${x} ${y + 1}c4-3 9-3 14 0" fill="none" stroke="#c9a4d8" stroke-width="2.2" stroke-linecap="round"/>`,
        )
        .join(''),
  },
};

/** A burger of the named layers under a bun of the given colours, with an ingredient's icon beside it. */
const burger = (
  names,
  { top = '#f0a552', shine = '#f8bd77', bottom = '#dd9141', seeds = '#fff3d7', badge } = {},
) => {
  const height = names.reduce((sum, name) => sum + layers[name].height, 0);
  const start = 32 - (18 + height + 8) / 2;
  const under = start + 18;
  let y = under + 0.5;
  const filling = [];
  for (const name of names) {
    filling.push(layers[name].draw(y));
    y += layers[name].height;
  }
  const base = path(bottom, `M7 ${y - 1}h50v4a6 6 0 0 1-6 6H13a6 6 0 0 1-6-6z`);
  const dome =
    path(top, `M6 ${under}c0-10 10-18 26-18s26 8 26 18z`) +
    path(shine, `M12 ${under - 5}c2-6 10-10 19-10.500-6 2-12 5-14 11-1 2-6 2-5-.5z`) +
    (seeds
      ? [
          [24, 12],
          [33, 9],
          [41, 12.5],
          [29, 6.5],
          [48, 7],
          [38, 5.5],
        ]
          .map(([x, up]) => `<ellipse cx="${x}" cy="${under - up}" rx="1.5" ry="1" fill="${seeds}"/>`)
          .join('')
      : '');
  const mark =
    badge === undefined ? '' : dot('#fffaf0', 52, 51, 11.5) + icon(badge, { x: 43, y: 42, scale: 0.56 });
  return base + filling.reverse().join('') + dome + mark;
};

/** A paper cup with a lid and a straw. */
const cup = ({ body, dark, straw, mark }) =>
  `<path d="M36 4h9v3.500h-5.500V18H36z" fill="${straw}"/>` +
  path('#d8d1de', 'M21 17l2.500-4h17l2.500 4v3H21z') +
  path(body, 'M15.500 22h33l-3.500 36a3.500 3.500 0 0 1-3.500 3h-19a3.500 3.500 0 0 1-3.500-3z') +
  path(
    dark,
    'M17.600 43.500 32 37l14.400 6.500L45 58a3.500 3.500 0 0 1-3.500 3h-19a3.500 3.500 0 0 1-3.500-3z',
  ) +
  box('#f7f3fa', 13, 18, 38, 4.5, 2.2) +
  mark;

/** A clear glass of something cold, with ice. */
const glass = ({ drink, light, foam = '', extra = '' }) =>
  path('#dcebf0', 'M14 10h36l-4 46a6 6 0 0 1-6 5.500H24a6 6 0 0 1-6-5.500z') +
  path(drink, 'M16 19h32l-3.200 36a4.500 4.500 0 0 1-4.500 4H23.700a4.500 4.500 0 0 1-4.500-4z') +
  foam +
  `<g opacity=".72">${box(light, 20, 22, 10, 10, 2.5)}${box(light, 33, 26, 10, 10, 2.5)}${box(light, 23, 35, 9, 9, 2.5)}</g>` +
  path('#ffffff66', 'M18 14h4l3 42h-3z') +
  extra;

/** A cup and saucer with steam. */
const mug = ({ coffee, art = '', band }) =>
  `<path d="M24 12c-3-3 3-5 0-8.500M33 12c-3-3 3-5 0-8.500" fill="none" stroke="#b9aca3" stroke-width="2.400" stroke-linecap="round"/>` +
  `<path d="M46 25h5a8 8 0 0 1 0 16h-6" fill="none" stroke="#f0e7dc" stroke-width="4.500"/>` +
  path('#fffaf2', 'M10 20h38v18c0 10-7 16-15 16h-8c-8 0-15-6-15-16z') +
  path(band, 'M10 33h38v5q0 3-.8 5.500H10.800Q10 41 10 38z') +
  `<ellipse cx="29" cy="20.500" rx="19" ry="5.500" fill="#eadfd2"/><ellipse cx="29" cy="20.800" rx="16.500" ry="4.200" fill="${coffee}"/>` +
  art +
  `<ellipse cx="29" cy="57.500" rx="23" ry="4" fill="#e6d8c7"/><ellipse cx="29" cy="56.500" rx="14" ry="2" fill="#d4c2ad"/>`;

const coffees = {
  americano: { hot: { coffee: '#4b2716', band: '#b8442f' }, iced: { drink: '#5a2e18', light: '#c79b7d' } },
  cafe_latte: {
    hot: {
      coffee: '#c8915f',
      band: '#1f6b5c',
      art: path('#fff3e0', 'M29 24c-5-1.500-6-3.500-4-4.500s3.500 0 4 1c.5-1 2-2 4-1s1 3-4 4.500z'),
    },
    iced: {
      drink: '#b97a4a',
      light: '#f3dcc3',
      foam: path('#fff1dd', 'M16.400 24 16 19h32l-.6 7c-6-3-9 5-15 1s-9 2-16-3z'),
    },
  },
  vanilla_latte: {
    hot: {
      coffee: '#dcb27c',
      band: '#e9b949',
      art: dot('#fff6e4', 27, 20.5, 2.6) + dot('#fff6e4', 32, 20.5, 2.6) + dot('#f6d98c', 29.5, 20.8, 1.4),
    },
    iced: {
      drink: '#d9ae78',
      light: '#fdf0d8',
      foam: path('#fffaf0', 'M16.800 30 16 19h32l-1 12c-5 3-10-3-15 0s-10-1-15.200-1z'),
      extra: icon('blossom', { x: 37, y: 3, scale: 0.62 }),
    },
  },
};
const hot = (id) => mug(coffees[id].hot);
const iced = (id) => {
  const { extra = '', ...kind } = coffees[id].iced;
  return glass({ ...kind, extra: path('#7a5a48', 'M38 2l3 .6-3.500 17-3-.6z') + extra });
};
const small = (body, x, y, scale) => `<g transform="translate(${x} ${y}) scale(${scale})">${body}</g>`;
const pair = (id) => small(iced(id), 23, -3, 0.76) + small(hot(id), -3, 17, 0.76);

const stick = (x, y, turn) =>
  `<g transform="translate(${x} ${y}) rotate(${turn})">${box('#c9772a', 0, 0, 12, 40, 6)}${box('#e6a04a', 2, 2, 5, 34, 2.5)}${dot('#b1641f', 8, 9, 1)}${dot('#b1641f', 5, 20, 1)}${dot('#b1641f', 8.5, 29, 1)}</g>`;
const ring = (x, y, r) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="none" stroke="#c9772a" stroke-width="8.500"/><circle cx="${x}" cy="${y}" r="${r + 0.8}" fill="none" stroke="#ebaa52" stroke-width="4.500" stroke-dasharray="13 4 21 3"/><circle cx="${x}" cy="${y}" r="${r - 3.4}" fill="none" stroke="#fff0cf" stroke-width="1.400"/>`;
const nugget = (x, y, turn) =>
  `<g transform="translate(${x} ${y}) rotate(${turn})">${path('#c9772a', 'M2 9C1 3 7 0 12 2s12-2 14 4-1 13-8 13S3 17 2 9z')}${path('#e6a04a', 'M5 8c0-3 4-4 8-3s7-1 9 1-8 1-10 3-7 2-7-1z')}${dot('#a85d1c', 10, 13, 1)}${dot('#a85d1c', 19, 12, 1.1)}</g>`;

const plainBun = { seeds: '' };
const items = {
  bulgogi_burger: burger(['lettuce', 'bulgogi', 'onion'], { top: '#e39445', shine: '#efb26b' }),
  cheese_burger: burger(['cheese', 'patty', 'mayo'], plainBun),
  double_cheese_burger: burger(['cheese', 'patty', 'cheese', 'patty']),
  shrimp_burger: burger(['lettuce', 'mayo', 'shrimp'], { badge: 'shrimp' }),
  chicken_burger: burger(['lettuce', 'mayo', 'chicken'], { ...plainBun, badge: 'poultry-leg' }),
  spicy_chicken_burger: burger(['lettuce', 'hotChicken'], {
    top: '#d67a35',
    shine: '#e99a58',
    badge: 'hot-pepper',
  }),
  bacon_tomato_burger: burger(['lettuce', 'tomato', 'bacon', 'patty'], { badge: 'bacon' }),
  veggie_burger: burger(['lettuce', 'tomato', 'veggie', 'lettuce'], {
    top: '#b98a4e',
    shine: '#cfa76f',
    bottom: '#a87a42',
    badge: 'leafy-green',
  }),
  french_fries: icon('french-fries'),
  onion_rings: ring(23, 40, 14) + ring(42, 44, 12) + ring(36, 20, 12.5),
  cheese_sticks:
    stick(12, 18, -14) +
    stick(26, 12, 2) +
    stick(44, 14, 16) +
    path('#ffd75a', 'M27 48c2 4 9 4 11 0l2 3c1 6-3 5-4 9-2-5-4-3-6-5s-4-3-3-7z'),
  chicken_nuggets:
    nugget(4, 16, -8) +
    nugget(34, 10, 10) +
    nugget(6, 38, 6) +
    `<ellipse cx="46" cy="46" rx="14" ry="10" fill="#fffaf2"/><ellipse cx="46" cy="44.500" rx="11" ry="6.500" fill="#d8412a"/><ellipse cx="43" cy="43" rx="4" ry="1.600" fill="#f07a5f"/>`,
  corn_salad:
    path('#f7f0e4', 'M6 32h52c0 14-9 25-20 26H26C15 57 6 46 6 32z') +
    path('#1f6b5c', 'M8.500 41h47q-1 3.500-2.700 6.500H11.200Q9.500 44.500 8.500 41z') +
    `<ellipse cx="32" cy="31" rx="26" ry="9" fill="#fff6dd"/>` +
    [
      [14, 29],
      [20, 25],
      [26, 29],
      [32, 24],
      [38, 29],
      [44, 25],
      [50, 29],
      [22, 33],
      [30, 34],
      [40, 34],
      [47, 33],
      [35, 20],
      [27, 20],
    ]
      .map(([x, y], i) => box(i % 3 ? '#fcc62f' : '#ffdf6b', x - 3, y - 3, 6, 6.5, 2.6))
      .join('') +
    [
      [18, 31],
      [35, 29],
      [43, 30],
      [29, 26],
    ]
      .map(([x, y], i) => box(i % 2 ? '#e8473f' : '#6fbf45', x - 1.6, y - 1.6, 3.4, 3.4, 0.8))
      .join(''),
  cola: cup({
    body: '#d8302f',
    dark: '#a81d24',
    straw: '#7c1318',
    mark: `<path d="M22 33c6-5 8 4 14 0 3-2 5-1 6.500 0" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/>`,
  }),
  zero_cola: cup({
    body: '#3b3536',
    dark: '#201b1c',
    straw: '#c2222b',
    mark: `<ellipse cx="32" cy="33" rx="5.500" ry="7.500" fill="none" stroke="#ff5b55" stroke-width="3.600"/>`,
  }),
  cider: cup({
    body: '#3fa35b',
    dark: '#24793f',
    straw: '#f6d352',
    mark:
      icon('lemon', { x: 22, y: 24, scale: 0.62, colours: { '#ffb02e': '#d7e85a', '#fcd53f': '#e8f06a' } }) +
      dot('#fff', 20, 50, 1.6) +
      dot('#fff', 28, 54, 1.2) +
      dot('#fff', 39, 49, 1.8),
  }),
  iced_tea: glass({
    drink: '#d9782d',
    light: '#ffd9a3',
    extra: path('#fffaf0', 'M38 2l3 .6-3.500 17-3-.6z') + icon('peach', { x: 40, y: 2, scale: 0.62 }),
  }),
  orange_juice: glass({
    drink: '#ff9a1f',
    light: '#ffc469',
    extra:
      dot('#ff8a00', 48, 13, 10) +
      dot('#ffe0a6', 48, 13, 8) +
      `<path d="M48 6v14M41 13h14M43 8l10 10M53 8 43 18" stroke="#ff9a1f" stroke-width="1.600"/>`,
  }),
  water:
    box('#2a6fb5', 26, 3, 12, 7, 2) +
    path('#bfe3f5', 'M27 10h10v5c0 3 7 5 7 12v29a5 5 0 0 1-5 5H25a5 5 0 0 1-5-5V27c0-7 7-9 7-12z') +
    path('#7fc4ea', 'M20 36h24v20a5 5 0 0 1-5 5H25a5 5 0 0 1-5-5z') +
    box('#fffdf8', 20, 32, 24, 14, 0) +
    icon('droplet', { x: 26, y: 33, scale: 0.38 }) +
    path('#ffffff88', 'M24 26c0-3 3-5 4-7l1 .5c-1 3-2 4-2 7v28h-3z'),
  americano: pair('americano'),
  cafe_latte: pair('cafe_latte'),
  vanilla_latte: pair('vanilla_latte'),
  soft_ice_cream: icon('soft-ice-cream'),
  apple_pie:
    icon('pie', { x: 0, y: -4, scale: 1.9 }) +
    dot('#fffaf0', 50, 49, 12.5) +
    icon('red-apple', { x: 40, y: 39, scale: 0.62 }),
  choco_sundae:
    icon('ice-cream', { colours: { '#fff': '#fff' } }) +
    path('#5d3726', 'M20 15c2-7 9-9 13-8s10 3 11 9-3 6-5 3-4 4-6 1-4 3-6-1-8 2-7-4z') +
    icon('cherries', { x: 24, y: -1, scale: 0.5 }),
};
for (const id of Object.keys(coffees)) {
  items[`${id}-hot`] = hot(id);
  items[`${id}-iced`] = iced(id);
}

/** Pictures of the choices inside option groups, as `choice-<id>.svg`; a dish that is a choice uses its own. */
const meal = (scale) =>
  small(items.french_fries, 34, 18 - scale * 4, 0.46 * scale) +
  small(items.cola, -6, 2 - scale * 2, 0.5 * scale) +
  small(items.cheese_burger, 6, 24, 0.62);
const choices = {
  single: small(items.cheese_burger, 8, 8, 0.75),
  set: meal(1),
  large_set: meal(1.25),
  onion: icon('onion'),
  pickle: icon('cucumber'),
  tomato: icon('tomato'),
  lettuce: icon('leafy-green'),
  sauce:
    path('#b3341f', 'M22 20h20l4 8v28a5 5 0 0 1-5 5H23a5 5 0 0 1-5-5V28z') +
    path('#7c2013', 'M29 4h6l3 16H26z') +
    box('#fff3d7', 18, 34, 28, 15, 0) +
    dot('#d8412a', 32, 41.5, 4.5),
  mayo:
    path('#fff3d0', 'M22 20h20l4 8v28a5 5 0 0 1-5 5H23a5 5 0 0 1-5-5V28z') +
    path('#e9b949', 'M29 4h6l3 16H26z') +
    box('#e9b949', 18, 34, 28, 15, 0) +
    dot('#fffdf8', 32, 41.5, 4.5),
  cheese: icon('cheese-wedge'),
  bacon: icon('bacon'),
  patty: `<g transform="translate(0 18) scale(1 2)">${layers.patty.draw(4)}</g>`,
  egg: icon('cooking'),
  hot: icon('fire'),
  iced: icon('ice'),
  regular: small(items.cola, 14, 22, 0.6),
  large: small(items.cola, 3, 3, 0.92),
};

const menuIds = JSON.parse(
  readFileSync(new URL('../../server/assets/kiosk-menu.json', import.meta.url), 'utf8'),
).items.map((item) => item.item_id);
const missing = menuIds.filter((id) => items[id] === undefined);
if (missing.length > 0)
  throw new Error(`no picture for ${missing.join(', ')}: draw one in ${import.meta.url}`);

mkdirSync(folder, { recursive: true });
const round = (text) =>
  text
    .replaceAll(/(\d+\.\d*?)0+(?=\D)/g, '$1')
    .replaceAll(/\.(?=\D)/g, (dotted) => dotted)
    .replaceAll(/(\d)\.(?=[^\d])/g, '$1');
const write = (name, body) =>
  writeFileSync(
    new URL(`${name}.svg`, folder),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${round(body)}</svg>\n`,
  );
for (const [name, body] of Object.entries(items)) write(name, body);
for (const [name, body] of Object.entries(choices)) write(`choice-${name}`, body);

const art = {
  kiosk: 'bellhop-bell',
  desk: 'motor-scooter',
  storybook: 'open-book',
  fortune: 'crystal-ball',
  companion: 'teddy-bear',
  'dine-in': 'fork-and-knife-with-plate',
  'take-out': 'shopping-bags',
  'pay-card': 'credit-card',
  'pay-mobile_pay': 'mobile-phone',
  'pay-cash': 'coin',
  'pay-counter': 'bellhop-bell',
  'pay-other': 'receipt',
};
mkdirSync(new URL('../public/art/', import.meta.url), { recursive: true });
for (const [name, of] of Object.entries(art)) write(`../art/${name}`, icon(of));

/** A card terminal: its slot at the foot, where a card goes in, and its display at the top. */
const terminal =
  box('#4a3a52', 12, 3, 40, 58, 7) +
  box('#6b5673', 14, 5, 36, 50, 5) +
  box('#dff3ea', 18, 9, 28, 15, 2.5) +
  box('#1d6656', 22, 13, 14, 2.5, 1.2) +
  box('#82b8a6', 22, 18, 20, 2, 1) +
  [0, 1, 2]
    .flatMap((row) =>
      [0, 1, 2].map((column) => box('#fbf4e6', 18.5 + column * 10, 28 + row * 6.5, 7, 4.5, 1.5)),
    )
    .join('') +
  box('#d8412a', 18.5, 47.5, 7, 4.5, 1.5) +
  box('#f2b441', 28.5, 47.5, 7, 4.5, 1.5) +
  box('#3fa27f', 38.5, 47.5, 7, 4.5, 1.5) +
  box('#2b1a12', 17, 57, 30, 2, 1);
write('../art/terminal', terminal);
process.stdout.write(`${Object.keys(items).length} dishes, ${Object.keys(choices).length} choices\n`);
