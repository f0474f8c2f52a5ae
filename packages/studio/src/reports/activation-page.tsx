export function ActivationPage() {
  return <h1>Activation</h1>;
}
