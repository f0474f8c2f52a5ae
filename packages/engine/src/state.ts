/** Placeholder of the state's shape; see user-state. */
export interface State {
  readonly version: 1;
}
