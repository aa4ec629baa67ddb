# The cti120 server. Three stages: the build, the production packages, and the small image that runs.
# Asterisk is asterisk/Dockerfile; compose.yaml joins all.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts scripts
COPY client client
COPY src src
COPY web web
RUN npm run build

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production CTI_HTTP_HOST=0.0.0.0 CTI_HTTP_PORT=8120
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/dist/client dist/client
COPY --from=build /app/dist/web dist/web
COPY package.json LICENSE ./
COPY migrations migrations
COPY config config
# A volume over it is the store of recordings and takes its owner.
RUN install -d -o node -g node -m 700 /recordings
# Nothing below /app is written: the user owns none of it, and the image may run with a read-only root.
USER node
EXPOSE 8120
# Live, not ready: a server whose database is away still carries calls and must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.CTI_HTTP_PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node does as process 1 here: the server itself handles SIGTERM and closes in order.
CMD ["node", "--enable-source-maps", "--max-semi-space-size=64", "dist/src/main.js"]
