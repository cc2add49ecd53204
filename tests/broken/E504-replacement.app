app: orders
deprecated: {order: order_v2, order_v2: order}
