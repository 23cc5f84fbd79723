/** Line drawings of 24 units, in the colour of the text beside them. */
const drawings = {
  microphone:
    'M12 3a3.5 3.5 0 0 1 3.5 3.5v5a3.5 3.5 0 0 1-7 0v-5A3.5 3.5 0 0 1 12 3M5 11a7 7 0 0 0 14 0M12 18v3M8.5 21h7',
  stop: 'M7.5 7h9v10h-9z',
  bell: 'M4 17h16M6 17v-3a6 6 0 0 1 12 0v3M12 8V5M10 5h4M9.5 20.5h5',
  repeat: 'M4 12a8 8 0 0 1 13.5-5.8L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.5 5.8L4 15.5M4 20v-4.5h4.5',
  slower: 'M11 7 6 12l5 5M18 7l-5 5 5 5',
  louder: 'M4 10v4h3.5L12 18V6L7.5 10zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  remove: 'M6 6l12 12M18 6 6 18',
  back: 'M14.5 5 8 12l6.5 7',
  next: 'M9.5 5 16 12l-6.5 7',
  check: 'M5 12.5l4.5 4.5L19 7',
  globe:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9S9 6 12 3',
  access:
    'M12 3.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6M4.5 9l5 1.2v4L7.5 21M19.5 9l-5 1.2v4l2 6.8M9.5 10.2h5M9.5 14.5h5',
  restart: 'M5 5v5h5M5.5 10A7.5 7.5 0 1 1 5 14.5',
  keyboard: 'M3 6.5h18v11H3zM6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M7.5 14h9',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3 7 7M17 17l1.7 1.7M18.7 5.3 17 7M7 17l-1.7 1.7',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10',
  contrast: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 3v18M12 7h6.5M12 12h9M12 17h6.5',
  alert: 'M12 4 2.8 20h18.4zM12 10v4.5M12 17.3h.01',
  offline: 'M3 9.5a13 13 0 0 1 18 0M6.5 13a8 8 0 0 1 11 0M12 18h.01M4 4l16 16',
  receipt: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5V12l3 2',
  ear: 'M6.5 10.5a5.5 5.5 0 0 1 11 0c0 3.5-3.5 4.3-3.5 7.5a3 3 0 0 1-5.7 1.3M9.8 10.5a2.2 2.2 0 0 1 4.4 0c0 1.7-2.2 2-2.2 4',
  edit: 'M5 19l1-4L16 5l3 3L9 18zM13.5 7.5l3 3',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4M9.5 17v-4M12 17v-6M14.5 17v-3',
  download: 'M12 4v11M7.5 10.5 12 15l4.5-4.5M5 19.5h14',
  out: 'M10 5H5v14h5M14 8l4 4-4 4M9 12h9',
} as const;

export type IconName = keyof typeof drawings;

/** A drawing beside words that say the same: hidden from screen readers. */
export function Icon({ name, filled = false }: { readonly name: IconName; readonly filled?: boolean }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={drawings[name]}
        fill={filled ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The mark: two speech bubbles that lean on each other. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path
        fill="var(--gold)"
        d="M29 8h6a11 11 0 0 1 11 11v3a11 11 0 0 1-7 10.2V40l-7-6.8h-3A11 11 0 0 1 18 22v-3A11 11 0 0 1 29 8z"
      />
      <path
        fill="var(--accent)"
        d="M13 4h10a11 11 0 0 1 11 11v4a11 11 0 0 1-11 11h-5l-8 7v-7.6A11 11 0 0 1 2 19v-4A11 11 0 0 1 13 4z"
      />
      <path
        d="M11.5 15.5c2.5 5.5 10.5 5.5 13 0"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}
