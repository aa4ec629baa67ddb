import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

// The server serves the result under a closed content policy: nothing inline, no data: addresses, no other host.
export default defineConfig({
  base: '/',
  publicDir: 'public',
  plugins: [preact({ reactAliasesEnabled: false, prefreshEnabled: false })],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    // The staff's page, the one on which citizens book a call-back, and the local link for foreign systems.
    rollupOptions: { input: ['index.html', 'book.html', 'pop.html'].map((page) => `${import.meta.dirname}/${page}`) },
  },
})
