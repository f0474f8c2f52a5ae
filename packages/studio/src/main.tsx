import { render } from "preact";
import { Root } from "./shell/root.tsx";

const element = document.getElementById("studio");
if (element !== null) render(<Root />, element);
