import { mount } from "svelte";
import LessonPage from "./LessonPage.svelte";
import "../styles/fonts.css";
import "../styles/tokens.css";
import "../styles/base.css";

const recording = document.getElementById("lesson-data")?.textContent ?? "";
mount(LessonPage, { target: document.getElementById("page") as HTMLElement, props: { recording } });
