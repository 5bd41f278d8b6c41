/** The exported page's style: Graft's tokens in small, light and dark by the system's choice. */
export const pageStyle = `
:root { color-scheme: light dark; --canvas: #f3f3f4; --panel: #fbfbfc; --line: #dcdde1; --line-strong: #85898f; --text: #17181a; --text-2: #474a50; --accent: #0a63a5; --on-accent: #fff; --well: #e4e5e8; --danger: #b0231a; }
@media (prefers-color-scheme: dark) { :root { --canvas: #161719; --panel: #1d1e21; --line: #303237; --line-strong: #7c8088; --text: #ececee; --text-2: #b4b7bd; --accent: #6cb2f0; --on-accent: #08131d; --well: #2a2c30; --danger: #ff8d84; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--canvas); color: var(--text); font: 14px/1.5 -apple-system, "Segoe UI", Inter, Ubuntu, "Noto Sans", system-ui, "PingFang SC", "Microsoft YaHei UI", "Noto Sans CJK SC", sans-serif; }
main { max-width: 720px; margin: 0 auto; padding: 32px 20px 48px; }
h1 { margin: 0 0 4px; font-size: 18px; font-weight: 600; }
p { margin: 0 0 16px; color: var(--text-2); }
.drop { display: grid; place-items: center; gap: 12px; min-height: 240px; padding: 20px; border: 1px dashed var(--line-strong); border-radius: 8px; background: var(--panel); text-align: center; }
.drop.is-over { border-style: solid; border-color: var(--accent); }
.drop img { max-width: 100%; max-height: 320px; border-radius: 2px; }
.drop p { margin: 0; }
button { height: 36px; padding: 0 16px; border: 0; border-radius: 5px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 500; cursor: pointer; }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button:disabled { opacity: .6; cursor: default; }
.status { min-height: 24px; margin: 16px 0 8px; }
.status.is-error { color: var(--danger); }
table { width: 100%; border-collapse: collapse; }
th { padding: 6px 12px 6px 0; font-weight: 400; text-align: left; overflow-wrap: anywhere; }
tr:first-child th, tr:first-child .share { font-weight: 600; }
td { padding: 6px 0; }
td.bar { width: 50%; }
td.share { width: 72px; text-align: right; font-variant-numeric: tabular-nums; }
meter { width: 100%; height: 12px; }
meter::-webkit-meter-bar { height: 8px; border: 0; border-radius: 2px; background: var(--well); }
meter::-webkit-meter-optimum-value { border-radius: 2px; background: var(--accent); }
meter::-moz-meter-bar { background: var(--accent); }
`;
