package io.sluice.datanode.region.image;

import java.util.function.BiConsumer;

/**
 * An immutable sorted map: changing it makes a new one that shares all but one path (an AVL tree,
 * so O(log n) per change). A reader that holds one sees it unchanged for ever.
 *
 * @param <K> key, never null
 * @param <V> value, never null
 */
public final class SortedImage<K extends Comparable<K>, V> {
  private static final SortedImage<?, ?> EMPTY = new SortedImage<>(null);

  private final Node<K, V> root;

  private SortedImage(Node<K, V> root) {
    this.root = root;
  }

  @SuppressWarnings("unchecked")
  public static <K extends Comparable<K>, V> SortedImage<K, V> empty() {
    return (SortedImage<K, V>) EMPTY;
  }

  /** The value of {@code key}, null for none. */
  public V get(K key) {
    Node<K, V> node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  public int size() {
    return root == null ? 0 : root.size;
  }

  public SortedImage<K, V> with(K key, V value) {
    return new SortedImage<>(put(root, key, value));
  }

  public SortedImage<K, V> without(K key) {
    return get(key) == null ? this : new SortedImage<>(remove(root, key));
  }

  /** Visits all entries in key order. */
  public void forEach(BiConsumer<K, V> visitor) {
    visit(root, visitor);
  }

  private static <K, V> void visit(Node<K, V> node, BiConsumer<K, V> visitor) {
    if (node != null) {
      visit(node.left, visitor);
      visitor.accept(node.key, node.value);
      visit(node.right, visitor);
    }
  }

  private static <K extends Comparable<K>, V> Node<K, V> put(Node<K, V> node, K key, V value) {
    if (node == null) {
      return new Node<>(key, value, null, null);
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return new Node<>(key, value, node.left, node.right);
    }
    return order < 0
        ? balanced(node.key, node.value, put(node.left, key, value), node.right)
        : balanced(node.key, node.value, node.left, put(node.right, key, value));
  }

  private static <K extends Comparable<K>, V> Node<K, V> remove(Node<K, V> node, K key) {
    int order = key.compareTo(node.key);
    if (order < 0) {
      return balanced(node.key, node.value, remove(node.left, key), node.right);
    }
    if (order > 0) {
      return balanced(node.key, node.value, node.left, remove(node.right, key));
    }
    if (node.left == null) {
      return node.right;
    }
    if (node.right == null) {
      return node.left;
    }
    Node<K, V> next = node.right;
    while (next.left != null) {
      next = next.left;
    }
    return balanced(next.key, next.value, node.left, remove(node.right, next.key));
  }

  private static <K, V> Node<K, V> balanced(K key, V value, Node<K, V> left, Node<K, V> right) {
    int tilt = height(left) - height(right);
    if (tilt > 1) {
      if (height(left.left) >= height(left.right)) {
        return new Node<>(
            left.key, left.value, left.left, new Node<>(key, value, left.right, right));
      }
      Node<K, V> top = left.right;
      return new Node<>(
          top.key,
          top.value,
          new Node<>(left.key, left.value, left.left, top.left),
          new Node<>(key, value, top.right, right));
    }
    if (tilt < -1) {
      if (height(right.right) >= height(right.left)) {
        return new Node<>(
            right.key, right.value, new Node<>(key, value, left, right.left), right.right);
      }
      Node<K, V> top = right.left;
      return new Node<>(
          top.key,
          top.value,
          new Node<>(key, value, left, top.left),
          new Node<>(right.key, right.value, top.right, right.right));
    }
    return new Node<>(key, value, left, right);
  }

  private static int height(Node<?, ?> node) {
    return node == null ? 0 : node.height;
  }

  private static final class Node<K, V> {
    private final K key;
    private final V value;
    private final Node<K, V> left;
    private final Node<K, V> right;
    private final int height;
    private final int size;

    Node(K key, V value, Node<K, V> left, Node<K, V> right) {
      this.key = key;
      this.value = value;
      this.left = left;
      this.right = right;
      this.height = 1 + Math.max(height(left), height(right));
      this.size = 1 + (left == null ? 0 : left.size) + (right == null ? 0 : right.size);
    }
  }
}
