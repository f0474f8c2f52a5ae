export function FunnelsPage() {
  return <h1>Funnels</h1>;
}
