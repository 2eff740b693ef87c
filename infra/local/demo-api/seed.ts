import { createStore, type Item, type Store } from './store.ts'

const seeds: Record<string, () => Item[]> = {
  dashboards: () => [
    { id: 'sales', title: 'Sales', shared_with: [] },
    { id: 'incidents', title: 'Incidents', shared_with: [] }
  ],
  datasets: () => [
    { id: 'genomes', title: 'Genomes', shared_with: [], files: ['ecoli.fasta', 'salmonella.fasta'] },
    { id: 'weather', title: 'Weather', shared_with: [], files: ['2024.csv'] }
  ]
}

/** What every group finds at first. Collections are named `<group>/<kind>`. */
export function createDemoStore(): Store {
  return createStore((collection) => seeds[collection.split('/').at(-1) ?? '']?.() ?? [])
}
