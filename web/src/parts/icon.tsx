/** Line icons, 24 units wide; they only accompany words. */
const PATHS = {
  phone:
    'M6.6 3.5h2.1a1 1 0 0 1 1 .8l.7 3a1 1 0 0 1-.3 1L8.500 9.700a12 12 0 0 0 5.800 5.800l1.400-1.600a1 1 0 0 1 1-.3l3 .7a1 1 0 0 1 .8 1v2.100a2.100 2.100 0 0 1-2.100 2.100A13.900 13.900 0 0 1 4.500 5.600a2.100 2.100 0 0 1 2.100-2.100z',
  warn: 'M12 4 2.800 19.500h18.400L12 4zm0 6v4.500m0 2.700v.1',
  check: 'm5 12.500 4.500 4.500L19 7.500',
  close: 'M6 6l12 12M18 6 6 18',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7.500 8a7.500 7.500 0 0 1 15 0',
  ticket: 'M4 7h16v3.200a1.900 1.900 0 0 0 0 3.600V17H4v-3.200a1.900 1.900 0 0 0 0-3.600V7zm10 0v10',
  history: 'M4.500 12a7.500 7.500 0 1 0 2.300-5.400L4.500 8.800M4.500 4.500v4.300h4.300M12 8v4.300l2.900 1.700',
  flag: 'M6 21V4m0 1h11.500l-2.300 4 2.300 4H6',
  link: 'M13.500 4.500h6v6m0-6L11 13m-2.500-7h-3a1 1 0 0 0-1 1v11.500a1 1 0 0 0 1 1H17a1 1 0 0 0 1-1v-3',
  note: 'M5 4.500h14v10l-5 5H5v-15zm9 15v-5h5M8.500 9h7m-7 3.500h4',
  exit: 'M14 4.500H5.500v15H14M10 12h10m-3.500-3.500L20 12l-3.500 3.500',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
